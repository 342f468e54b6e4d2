"""Payments by card."""


def pay(order, card):
    card.charge(order.cart.total())
