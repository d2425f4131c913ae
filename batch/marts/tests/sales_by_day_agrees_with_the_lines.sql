{{ agrees_with_the_lines(ref('sales_by_day')) }}
