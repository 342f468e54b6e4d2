from shop.cart import Cart


def test_total():
    cart = Cart()
    cart.add("apple", 40, 3)
    assert cart.total() == 120
