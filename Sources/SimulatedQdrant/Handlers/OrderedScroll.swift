import JSON

extension Collection {
  /// A scroll in the order of an indexed field instead of identifiers.
  func ordered(_ body: JSONValue, _ order: JSONValue) throws(Refusal) -> Reply {
    guard body["offset"] == nil else {
      throw .wrongInput(
        "Cannot use an `offset` when using `order_by`. The alternative for paging is to use "
          + "`order_by.start_from` and a filter to exclude the IDs that you've already seen for "
          + "the `order_by.start_from` value")
    }
    let found = try ordered(matching(body["filter"] ?? [:]), by: order)
    let shown = found.prefix(body["limit"]?.integer ?? 10).compactMap { entry -> JSONValue? in
      let point = points[entry.id]?.shown(
        entry.id, payload: body["with_payload"] ?? true, vectors: body["with_vector"] ?? false)
      guard var object = point?.object else { return nil }
      object["order_value"] = entry.value
      return .object(object)
    }
    return .result(["points": .array(shown), "next_page_offset": .null])
  }

  /// Some points with their values of an indexed field, in the order of these.
  func ordered(
    _ ids: [PointID], by order: JSONValue
  ) throws(Refusal) -> [(id: PointID, value: JSONValue)] {
    let key = order["key"]?.string ?? ""
    guard let place = index(of: key), indexes[place].hasRange, let path = FieldPath(key) else {
      throw .wrongInput(
        "No range index for `order_by` key: `\(key)`. Please create one to use `order_by`. "
          + Collection.advice + "Range conditions")
    }
    let isRising = order["direction"]?.string != "desc"
    var found: [(id: PointID, value: JSONValue)] = []
    for id in ids {
      for value in path.values(in: points[id]?.payload ?? JSONObject()) {
        guard let value = indexes[place].orderValue(of: value) else { continue }
        if let start = order["start_from"]?.double, let amount = value.double {
          guard isRising ? amount >= start : amount <= start else { continue }
        }
        found.append((id, value))
      }
    }
    found.sort { left, right in
      let (first, second) = (left.value.double ?? 0, right.value.double ?? 0)
      if first == second { return left.id < right.id }
      return isRising ? first < second : first > second
    }
    return found
  }
}

extension Collection.Index {
  /// Whether values are kept in their order.
  fileprivate var hasRange: Bool {
    switch type {
    case "integer": schema["range"]?.bool != false
    case "float", "datetime": true
    default: false
    }
  }

  /// A value as it is ordered and shown; nil when the index does not take it.
  fileprivate func orderValue(of value: JSONValue) -> JSONValue? {
    guard IndexedValue.test(for: type)(value) else { return nil }
    if type == "float" { return value.double.map { .double($0) } }
    guard let text = value.string else { return value }
    return Moment.microseconds(text).map { .number(JSONNumber(text: String($0))) }
  }
}
