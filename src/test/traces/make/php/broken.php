<?php
echo strlen("LA-4";
