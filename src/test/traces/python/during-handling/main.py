def price(text):
    try:
        return float(text)
    except ValueError:
        return DEFAULTS["price"]


DEFAULTS = {}
print("reading product 7", flush=True)
price("12,50")
