from pkg.core import tested
tested()
