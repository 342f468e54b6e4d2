"""A cart that was ordered."""


class Order:
    def __init__(self, cart, address):
        self.cart = cart
        self.address = address
