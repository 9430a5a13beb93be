// fmt
