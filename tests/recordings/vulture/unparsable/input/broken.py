import whole; whole.used_only_here()  (
