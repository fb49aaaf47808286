y = t"{x}"
eval(y)
