import CYAML

/// What libyaml tells of a text, one after the other, with places counted in scalars.
struct SyntaxEvent {
  /// What it is.
  enum Content {
    case documentStart
    case streamEnd
    case scalar(String, Style)
    case alias(String)
    case open(isMapping: Bool, isFlow: Bool)
    case close
  }

  /// How a scalar was written.
  enum Style { case plain, quoted, literal, folded }

  var content: Content
  var start: Int
  var end: Int
  var anchor: String?

  /// All of them; nil when the text is no YAML.
  static func all(of bytes: [UInt8]) -> [SyntaxEvent]? {
    var parser = yaml_parser_t()
    guard yaml_parser_initialize(&parser) == 1 else { return nil }
    defer { yaml_parser_delete(&parser) }
    return bytes.withUnsafeBufferPointer { buffer in
      yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING)
      yaml_parser_set_input_string(&parser, buffer.baseAddress, buffer.count)
      var events: [SyntaxEvent] = []
      var event = yaml_event_t()
      while true {
        guard yaml_parser_parse(&parser, &event) == 1 else { return nil }
        defer { yaml_event_delete(&event) }
        if let new = SyntaxEvent(event) { events.append(new) }
        if event.type == YAML_STREAM_END_EVENT { return events }
      }
    }
  }

  /// Nil for events that say nothing here.
  private init?(_ event: yaml_event_t) {
    start = Int(clamping: event.start_mark.index)
    end = Int(clamping: event.end_mark.index)
    switch event.type {
    case YAML_DOCUMENT_START_EVENT: content = .documentStart
    case YAML_STREAM_END_EVENT: content = .streamEnd
    case YAML_SCALAR_EVENT:
      let data = event.data.scalar
      let value = UnsafeBufferPointer<UInt8>(start: data.value, count: data.length)
      content = .scalar(String(decoding: value, as: UTF8.self), SyntaxEvent.style(data.style))
      anchor = SyntaxEvent.text(data.anchor)
    case YAML_ALIAS_EVENT: content = .alias(SyntaxEvent.text(event.data.alias.anchor) ?? "")
    case YAML_MAPPING_START_EVENT:
      let data = event.data.mapping_start
      content = .open(isMapping: true, isFlow: data.style == YAML_FLOW_MAPPING_STYLE)
      anchor = SyntaxEvent.text(data.anchor)
    case YAML_SEQUENCE_START_EVENT:
      let data = event.data.sequence_start
      content = .open(isMapping: false, isFlow: data.style == YAML_FLOW_SEQUENCE_STYLE)
      anchor = SyntaxEvent.text(data.anchor)
    case YAML_MAPPING_END_EVENT, YAML_SEQUENCE_END_EVENT: content = .close
    default: return nil
    }
  }

  private static func style(_ style: yaml_scalar_style_t) -> Style {
    switch style {
    case YAML_PLAIN_SCALAR_STYLE: .plain
    case YAML_LITERAL_SCALAR_STYLE: .literal
    case YAML_FOLDED_SCALAR_STYLE: .folded
    default: .quoted
    }
  }

  private static func text(_ pointer: UnsafePointer<UInt8>?) -> String? {
    pointer.map { String(cString: $0) }
  }

  private static func text(_ pointer: UnsafeMutablePointer<UInt8>?) -> String? {
    pointer.map { String(cString: $0) }
  }

  /// Where no comment can be: of a block scalar from the line after its indicator on.
  func opaque(in text: SyntaxText) -> Range<Int>? {
    guard case .scalar(_, let style) = content else { return nil }
    switch style {
    case .plain, .quoted: return range(from: content(in: text))
    case .literal, .folded: return range(from: text.end(of: content(in: text)))
    }
  }

  private func range(from first: Int) -> Range<Int> { min(first, end)..<max(first, end) }

  /// Where the scalar itself begins: behind its anchor, and what may stand between the two.
  private func content(in text: SyntaxText) -> Int {
    guard let anchor else { return start }
    var place = start + 1 + anchor.unicodeScalars.count
    while place < end {
      if text.scalars[place] == "#" {
        place = text.end(of: place)
      } else if SyntaxText.isSpace(text.scalars[place]) {
        place += 1
      } else {
        break
      }
    }
    return place
  }
}
