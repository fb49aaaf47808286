x = 1
ÿ
eval(x)
