<?php /* helper of Toy Forms */
