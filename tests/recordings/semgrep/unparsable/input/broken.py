def broken(:
    eval(x)
