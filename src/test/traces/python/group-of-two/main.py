raise ExceptionGroup("two of three pushes failed", [ValueError("sku 7: no price"), KeyError("sku 9")])
