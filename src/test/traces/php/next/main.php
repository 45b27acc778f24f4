<?php
class ExportError extends RuntimeException {}
try {
    intdiv(1, 0);
} catch (DivisionByZeroError $e) {
    throw new ExportError("price per unit is unknown", 0, $e);
}
