{{ agrees_with_the_lines(ref('baskets')) }}
