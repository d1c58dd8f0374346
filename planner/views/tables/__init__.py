"""Tables as data (`grid`), and what draws them: text, Markdown, CSV, HTML and workbooks."""
