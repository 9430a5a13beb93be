from ..a.b import (c as d, e
import x.y as z, w
"""
import q
"""
