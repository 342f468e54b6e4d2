"""What a customer wants to buy."""


class Cart:
    def __init__(self):
        self.lines = []

    def add(self, article, cents, pieces=1):
        self.lines.append((article, cents, pieces))

    def total(self):
        return sum(cents * pieces for _, cents, pieces in self.lines)
