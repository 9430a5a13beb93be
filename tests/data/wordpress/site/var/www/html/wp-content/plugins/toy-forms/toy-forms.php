<?php
/**
 * Plugin Name:       Toy Forms
 * Plugin URI:        https://example.org/toy-forms
 * Description:       Forms to play with.
 * Version:           2.3.1
 * Author:            Nobody
 * License:           GPLv2 or later
 */
function toy_forms() {}
