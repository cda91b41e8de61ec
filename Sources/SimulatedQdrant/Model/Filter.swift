import JSON

/// A filter that was read, put to points.
struct Filter {
  var document: JSONValue
  /// Fields whose texts are matched word by word since they are indexed.
  var textFields: Set<ExactString> = []

  /// Whether a point fulfils it.
  func matches(_ id: PointID, _ point: Point) -> Bool {
    matches(document, Subject(id: id, point: point, payload: point.payload))
  }

  /// What conditions are put to: a point, or an element of one of its lists.
  private struct Subject {
    var id: PointID
    var point: Point
    var payload: JSONObject
  }

  private func matches(_ filter: JSONValue, _ subject: Subject) -> Bool {
    if let must = filter["must"]?.array, !must.allSatisfy({ holds($0, subject) }) { return false }
    if let mustNot = filter["must_not"]?.array, mustNot.contains(where: { holds($0, subject) }) {
      return false
    }
    if let should = filter["should"]?.array, !should.isEmpty,
      !should.contains(where: { holds($0, subject) })
    {
      return false
    }
    guard let minimum = filter["min_should"] else { return true }
    let count = (minimum["conditions"]?.array ?? []).count { holds($0, subject) }
    return count >= minimum["min_count"]?.integer ?? 0
  }

  private func holds(_ condition: JSONValue, _ subject: Subject) -> Bool {
    if let key = condition["key"]?.string { return fieldHolds(key, condition, subject) }
    if let key = condition["is_empty"]?["key"]?.string {
      return values(key, subject).allSatisfy(\.isNull)
    }
    if let key = condition["is_null"]?["key"]?.string {
      return values(key, subject).contains(where: \.isNull)
    }
    if let ids = condition["has_id"]?.array { return ids.contains(subject.id.json) }
    if let name = condition["has_vector"]?.string { return subject.point.vectors[name] != nil }
    if let nested = condition["nested"], let key = nested["key"]?.string {
      return values(key, subject).contains { element in
        guard let payload = element.object else { return false }
        var inner = subject
        inner.payload = payload
        return matches(nested["filter"] ?? [:], inner)
      }
    }
    return matches(condition, subject)
  }

  private func values(_ key: String, _ subject: Subject) -> [JSONValue] {
    FieldPath(key)?.values(in: subject.payload) ?? []
  }

  /// Several tests of one field: one that holds is enough.
  private func fieldHolds(
    _ key: String, _ condition: JSONValue, _ subject: Subject
  ) -> Bool {
    let values = values(key, subject)
    if let match = condition["match"] {
      let isIndexed = textFields.contains(ExactString(key))
      if values.contains(where: { Filter.matches(match, $0, byWord: isIndexed) }) { return true }
    }
    if let range = condition["range"], values.contains(where: { Filter.lies($0, in: range) }) {
      return true
    }
    if let count = condition["values_count"],
      Filter.lies(.integer(values.count), in: count)
    {
      return true
    }
    if let box = condition["geo_bounding_box"] {
      if values.contains(where: { Place($0)?.lies(inBox: box) ?? false }) { return true }
    }
    if let circle = condition["geo_radius"] {
      if values.contains(where: { Place($0)?.lies(inCircle: circle) ?? false }) { return true }
    }
    if let polygon = condition["geo_polygon"] {
      if values.contains(where: { Place($0)?.lies(inPolygon: polygon) ?? false }) { return true }
    }
    if let isEmpty = condition["is_empty"]?.bool, isEmpty == values.allSatisfy(\.isNull) {
      return true
    }
    return condition["is_null"]?.bool.map { $0 == values.contains(where: \.isNull) } ?? false
  }

  private static func matches(_ match: JSONValue, _ value: JSONValue, byWord: Bool) -> Bool {
    if let wanted = match["value"] { return wanted == value }
    if let any = match["any"]?.array { return any.contains(value) }
    if let except = match["except"]?.array { return !value.isNull && !except.contains(value) }
    guard let text = value.string else { return false }
    if let wanted = match["text"]?.string {
      guard byWord else { return contains(text, wanted) }
      return words(of: wanted).isSubset(of: words(of: text))
    }
    if let wanted = match["text_any"]?.string {
      return !words(of: wanted).isDisjoint(with: words(of: text))
    }
    return match["phrase"]?.string.map { contains(text, $0) } ?? false
  }

  private static func contains(_ text: String, _ part: String) -> Bool {
    part.isEmpty || Array(text.utf8).firstRange(of: Array(part.utf8)) != nil
  }

  private static func words(of text: String) -> Set<String> {
    Set(text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init))
  }

  private static func lies(_ value: JSONValue, in range: JSONValue) -> Bool {
    let amount: Double
    if range.object?.members.contains(where: { $0.value.string != nil }) == true {
      guard let text = value.string, let moment = Moment.microseconds(text) else { return false }
      amount = Double(moment)
    } else if let number = value.double {
      amount = number
    } else {
      return false
    }
    let bound: (String) -> Double? = { name in
      range[name].flatMap { $0.double ?? $0.string.flatMap { Double($0) } }
    }
    return (bound("lt").map { amount < $0 } ?? true) && (bound("lte").map { amount <= $0 } ?? true)
      && (bound("gt").map { amount > $0 } ?? true) && (bound("gte").map { amount >= $0 } ?? true)
  }
}
