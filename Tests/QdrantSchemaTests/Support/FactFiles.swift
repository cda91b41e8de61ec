import Foundation
import JSON
import ResourceModel
import Testing

/// What is wrong with a committed table.
struct BrokenTable: Error { var message: String }

/// The committed tables, as the scripts in `Tests/Tools` write them.
enum FactFiles {
  static func lines(_ name: String) throws -> [JSONValue] {
    let url = try #require(
      Bundle.module.url(forResource: name, withExtension: nil, subdirectory: "Facts"))
    let text = try String(contentsOf: url, encoding: .utf8)
    return try text.split(separator: "\n").map { try JSONParser.parse(String($0)) }
  }

  static func value(_ name: String) throws -> JSONValue {
    let url = try #require(
      Bundle.module.url(forResource: name, withExtension: nil, subdirectory: "Facts"))
    return try JSONParser.parse(String(contentsOf: url, encoding: .utf8))
  }
}

extension JSONValue {
  /// The texts of a list of strings; empty for anything else.
  var strings: [String] { array?.compactMap(\.string) ?? [] }
}

/// A request whose bodies have rows.
enum Request: String, CaseIterable {
  case create, update, vector, index
  case shardKey = "shard-key"
  case aliases
}

/// What one OpenAPI file says of one field of a request.
struct FieldFact {
  var types: Set<String>
  var values: Set<String>
  var minimum: Double?
  var maximum: Double?
  var format: String?
  var indexTypes: Set<String>
  var isRequired: Bool
}

/// One field of a request in all OpenAPI files.
struct RequestField {
  var request: Request
  var path: String
  /// By version, for those that know it.
  var facts: [String: FieldFact] = [:]
}

/// The table of `derive-openapi-facts`.
struct OpenAPIFacts {
  var versions: [String] = []
  var fields: [RequestField] = []

  static func load() throws -> OpenAPIFacts {
    var table = OpenAPIFacts()
    for line in try FactFiles.lines("openapi-facts.jsonl") {
      guard let request = line["request"]?.string.flatMap(Request.init(rawValue:)),
        let path = line["path"]?.string, let says = line["says"]?.array
      else {
        table.versions = line["versions"]?.strings ?? []
        continue
      }
      var field = RequestField(request: request, path: path)
      for variant in says {
        let fact = FieldFact(
          types: Set(variant["types"]?.strings ?? []),
          values: Set(variant["values"]?.strings ?? []),
          minimum: variant["minimum"]?.double, maximum: variant["maximum"]?.double,
          format: variant["format"]?.string,
          indexTypes: Set(variant["of"]?.strings ?? []),
          isRequired: variant["required"]?.bool ?? false)
        for version in variant["versions"]?.strings ?? [] { field.facts[version] = fact }
      }
      table.fields.append(field)
    }
    guard !table.versions.isEmpty, !table.fields.isEmpty else {
      throw BrokenTable(message: "openapi-facts.jsonl holds nothing")
    }
    return table
  }
}
