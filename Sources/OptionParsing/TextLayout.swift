/// Breaks text into lines for a terminal.
enum TextLayout {
  /// Columns that help fills at most.
  static let width = 80

  /// The words of a text in lines, each after the first indented.
  static func wrap(_ words: some Sequence<String>, first: String, indent: Int) -> [String] {
    var lines: [String] = []
    var line = first
    var isFresh = true
    for word in words {
      if !isFresh, line.count + 1 + word.count > width {
        lines.append(line)
        line = String(repeating: " ", count: indent) + word
      } else {
        line += (isFresh || line.isEmpty ? "" : " ") + word
      }
      isFresh = false
    }
    lines.append(line)
    return lines
  }

  /// A paragraph.
  static func paragraph(_ text: String) -> [String] {
    wrap(text.split(separator: " ").map(String.init), first: "", indent: 0)
  }

  /// Terms on the left, sentences on the right; a long term has a line of its own.
  static func table(_ rows: [(term: String, text: String)]) -> [String] {
    let widest = rows.map(\.term.count).filter { $0 <= 28 }.max() ?? 0
    let column = 2 + widest + 2
    var lines: [String] = []
    for row in rows {
      let words = row.text.split(separator: " ").map(String.init)
      var start = "  " + row.term
      if start.count + 2 > column {
        lines.append(start)
        start = ""
      }
      start += String(repeating: " ", count: column - start.count)
      lines += wrap(words, first: start, indent: column)
    }
    return lines
  }
}
