import random
random.random()
