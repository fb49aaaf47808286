import random

roll = random.choice([1])
