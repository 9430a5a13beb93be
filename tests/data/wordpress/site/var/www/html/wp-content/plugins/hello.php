<?php
/*
Plugin Name: Hello Toy
Version: 1.7.2 */
