"""What more than one page uses: style, kinds of chart, tables, captions."""
