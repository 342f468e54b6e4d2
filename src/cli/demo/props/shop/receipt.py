"""What the customer is shown after paying."""


def lines(order):
    for article, cents, pieces in order.cart.lines:
        yield f"{pieces} x {article:<20} {cents * pieces / 100:>8.2f}"
    yield f"{'total':<24} {order.cart.total() / 100:>8.2f}"
