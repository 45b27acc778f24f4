class ExportError(Exception):
    pass


def send():
    raise ConnectionResetError(104, "Connection reset by peer")


try:
    send()
except OSError as e:
    raise ExportError("order 1042 was not exported\nthe shop hung up") from e
