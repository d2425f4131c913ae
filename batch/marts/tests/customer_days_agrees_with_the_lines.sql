{{ agrees_with_the_lines(ref('customer_days')) }}
