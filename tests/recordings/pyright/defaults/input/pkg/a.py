def f(x): return x
import pkg.a
