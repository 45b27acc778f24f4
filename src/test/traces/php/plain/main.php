<?php
function export(int $order): void
{
    throw new InvalidArgumentException("order $order has no lines");
}
echo "exporting\n";
export(1042);
