{{ agrees_with_the_lines(ref('product_days')) }}
