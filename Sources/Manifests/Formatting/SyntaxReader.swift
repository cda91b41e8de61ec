/// Reads a text that `YAMLReader` has found to be good into a `SyntaxTree`.
///
/// libyaml tells of no comment, so that they are found by looking at what is between its scalars;
/// each goes to the entry that a person would say it belongs to:
/// - behind something on a line: to that;
/// - on a line of its own: to what comes next, or, when it stands as far to the right as the
///   entries of a block that ends here, below the last of them.
struct SyntaxReader {
  /// A collection that is not closed yet.
  private struct Frame {
    var entry: Int
    var isMapping: Bool
    var isFlow: Bool
    /// From which column on a comment below it is its own.
    var column: Int
    /// The entry of a mapping that waits for its value.
    var waiting: Int?
  }

  private let text: SyntaxText
  private var comments: ArraySlice<CommentList.Item> = []
  private(set) var tree = SyntaxTree()
  private var frames: [Frame] = []
  /// Comments that are not anybody's yet.
  private var pending: [(comment: SyntaxTree.Comment, place: Int)] = []
  /// The entry that was read last, where it ended, and whether by a bracket.
  private var last: (entry: Int, end: Int, isBracket: Bool)?

  /// Nil when the text cannot be read.
  init?(_ bytes: [UInt8]) {
    text = SyntaxText(bytes)
    guard let events = SyntaxEvent.all(of: bytes) else { return nil }
    let places = events.compactMap { $0.opaque(in: text) }
    comments = CommentList(text, outside: places).items[...]
    for event in events { read(event) }
  }

  /// The texts of all comments, sorted.
  static func comments(of bytes: [UInt8]) -> [String]? {
    guard let events = SyntaxEvent.all(of: bytes) else { return nil }
    let text = SyntaxText(bytes)
    let list = CommentList(text, outside: events.compactMap { $0.opaque(in: text) })
    return list.items.map(\.text).sorted()
  }

  private mutating func read(_ event: SyntaxEvent) {
    switch event.content {
    case .documentStart:
      take(before: event.start)
      last = nil
    case .streamEnd:
      take(before: text.scalars.count + 1)
      if let document = tree.documents.last {
        tree.entries[document].tail += pending.map(\.comment)
      }
    case .scalar(let value, let style):
      if let frame = frames.last, frame.isMapping, frame.waiting == nil {
        key(value, isPlain: style == .plain, event)
      } else {
        let entry = entry(event, isBlock: false)
        tree.entries[entry].value = .scalar(value, style: written(style, event))
        last = (entry, event.end, false)
        // The line of a block scalar's indicator.
        while let comment = comments.first, comment.place < event.end {
          tree.entries[entry].trailing.append(comment.text)
          comments.removeFirst()
        }
      }
    case .alias(let name):
      let entry = entry(event, isBlock: false)
      tree.entries[entry].value = .alias(name)
      last = (entry, event.end, false)
    case .open(let isMapping, let isFlow): open(event, isMapping: isMapping, isFlow: isFlow)
    case .close: close(event)
    }
  }

  /// Makes comments before a place somebody's, or pending.
  private mutating func take(before place: Int) {
    while let item = comments.first, item.place < place {
      comments.removeFirst()
      if let last, !text.isFirst(item.place), text.line(of: last.end) == text.line(of: item.place) {
        if last.isBracket {
          tree.entries[last.entry].closing.append(item.text)
        } else {
          tree.entries[last.entry].trailing.append(item.text)
        }
      } else {
        let comment = SyntaxTree.Comment(
          text: item.text, isAfterBlank: text.isAfterBlank(item.place))
        pending.append((comment, item.place))
      }
    }
  }

  private mutating func takePending() -> [SyntaxTree.Comment] {
    defer { pending.removeAll() }
    return pending.map(\.comment)
  }

  private mutating func key(_ value: String, isPlain: Bool, _ event: SyntaxEvent) {
    take(before: event.start)
    var new = SyntaxTree.Entry()
    new.key = SyntaxTree.Key(
      text: value, isMerge: isPlain && value == "<<", anchor: event.anchor)
    new.leading = takePending()
    new.isAfterBlank = text.isAfterBlank(event.start)
    let entry = add(new)
    // An anchor on the mapping stands before its first key, and to the right of it.
    if frames.count > 1 { frames[frames.count - 1].column = text.column(of: event.start) }
    frames[frames.count - 1].waiting = entry
    last = (entry, event.end, false)
  }

  /// The entry whose value begins.
  private mutating func entry(_ event: SyntaxEvent, isBlock: Bool) -> Int {
    take(before: event.start)
    let entry: Int
    if let frame = frames.last, frame.isMapping, let waiting = frame.waiting {
      entry = waiting
      frames[frames.count - 1].waiting = nil
      // What stands between a key and a block is said of the block's first entry.
      if !isBlock { tree.entries[entry].leading += takePending() }
    } else if frames.isEmpty {
      entry = add(SyntaxTree.Entry())
      tree.documents.append(entry)
      if !isBlock { tree.entries[entry].leading = takePending() }
    } else {
      var new = SyntaxTree.Entry()
      // What stands between the dash and a block is said of the block's first entry.
      let count = isBlock ? pending.count { text.hasDash($0.place..<event.start) } : pending.count
      new.leading = pending.prefix(count).map(\.comment)
      pending.removeFirst(count)
      new.isAfterBlank = text.isAfterBlank(event.start)
      entry = add(new)
    }
    tree.entries[entry].anchor = event.anchor
    return entry
  }

  /// Appends an entry and tells its parent.
  private mutating func add(_ entry: SyntaxTree.Entry) -> Int {
    let place = tree.entries.count
    tree.entries.append(entry)
    if let parent = frames.last?.entry { tree.entries[parent].children.append(place) }
    return place
  }

  private mutating func open(_ event: SyntaxEvent, isMapping: Bool, isFlow: Bool) {
    let entry = entry(event, isBlock: !isFlow)
    tree.entries[entry].value =
      isMapping ? .mapping(isFlow: isFlow) : .list(isFlow: isFlow)
    var column = text.column(of: event.start)
    if frames.isEmpty { column = 0 }
    // A list may stand as far to the left as the key that it belongs to; its anchor never does.
    if !isMapping, let parent = frames.last,
      event.anchor != nil || parent.isMapping && parent.column >= column
    {
      column = parent.column + 1
    }
    frames.append(Frame(entry: entry, isMapping: isMapping, isFlow: isFlow, column: column))
    // What stands behind the bracket is said of what comes next.
    if isFlow { last = nil }
  }

  private mutating func close(_ event: SyntaxEvent) {
    take(before: event.start)
    guard let frame = frames.popLast() else { return }
    if frame.isFlow {
      tree.entries[frame.entry].tail = takePending()
      last = (frame.entry, event.end - 1, true)
    } else {
      let own = pending.prefix { text.column(of: $0.place) >= frame.column }
      tree.entries[frame.entry].tail = own.map(\.comment)
      pending.removeFirst(own.count)
    }
  }

  private func written(_ style: SyntaxEvent.Style, _ event: SyntaxEvent) -> SyntaxTree.Style {
    switch style {
    case .plain: return .plain
    case .quoted: return .quoted
    case .literal: return .literal
    case .folded:
      let first = text.line(of: event.start) + 1
      let lines = (first..<max(first, text.line(of: max(event.start, event.end - 1)) + 1)).map {
        text.line($0)
      }
      return .folded(lines)
    }
  }
}

extension SyntaxText {
  /// Whether the dash of a list's item stands between a comment and what comes next.
  fileprivate func hasDash(_ range: Range<Int>) -> Bool {
    var place = range.lowerBound
    while place < range.upperBound {
      if scalars[place] == "-" { return true }
      place = scalars[place] == "#" ? end(of: place) : place + 1
    }
    return false
  }

  /// A line, from 0, without its break.
  fileprivate func line(_ number: Int) -> String {
    var part = scalars[start(of: number)..<start(of: number + 1)]
    while part.last == "\n" || part.last == "\r" { part.removeLast() }
    return String(String.UnicodeScalarView(part))
  }
}
