import Diagnostics
import Foundation
import JSON
import Policies
import ResourceModel
import Testing

/// Every rule on a manifest that violates it, and on one that does not.
@Suite struct RuleTests {
  static let codes = PolicyTable.specs.map(\.code)

  @Test(arguments: codes)
  func `A rule finds what violates it, there, and nothing else`(code: String) throws {
    let fixture = try Fixture("\(code).fails.yaml")
    let expected = fixture.expected
    #expect(expected.count == 1)
    #expect(try Fixture.found(fixture.text) == expected)
    let spec = try #require(PolicyTable.spec(code))
    let finding = try #require(try Fixture.report(fixture.text).findings.first)
    #expect(finding.violation.message.hasPrefix("expected "), "\(finding.violation.message)")
    #expect(finding.violation.message.contains(", found "), "\(finding.violation.message)")
    #expect((finding.violation.fix != nil) == spec.hasFix)
  }

  @Test(arguments: codes)
  func `A rule finds nothing where it is satisfied`(code: String) throws {
    let fixture = try Fixture("\(code).passes.yaml")
    #expect(fixture.expected.isEmpty)
    #expect(try Fixture.found(fixture.text).isEmpty)
  }

  @Test func `There are at least forty rules, each with its own code, name and two fixtures`()
    throws
  {
    let specs = PolicyTable.specs
    #expect(specs.count >= 40)
    #expect(Set(specs.map(\.code)).count == specs.count)
    #expect(Set(specs.map(\.name)).count == specs.count)
    #expect(specs.map(\.code) == specs.map(\.code).sorted())
    let files = try FileManager.default.contentsOfDirectory(atPath: Fixture.folder.path)
    #expect(
      Set(files) == Set(specs.flatMap { ["\($0.code).fails.yaml", "\($0.code).passes.yaml"] }))
    for spec in specs {
      #expect(spec.summary.hasSuffix("."), "\(spec.code)")
      #expect(spec.documentation.count > 60, "\(spec.code)")
      #expect(!spec.documentation.contains("  "), "\(spec.code)")
      #expect(spec.name.allSatisfy { $0.isLowercase || $0.isNumber || $0 == "-" })
    }
  }

  @Test func `A pattern of addresses takes any characters for a star, byte by byte`() {
    let address = ResourceAddress.collection("legal.contracts", cluster: "prod")
    for text in [
      "collection/legal.*", "*", "collection/*.contracts", "collection/legal.contracts@prod",
      "collection/l*l*c*s", "collection/legal.contracts",
    ] { #expect(AddressPattern(text).matches(address), "\(text)") }
    for text in ["collection/legal", "legal.*", "collection/*.contract", "", "collection/*@dev"] {
      #expect(!AddressPattern(text).matches(address), "\(text)")
    }
  }

  @Test func `A day is one of the calendar`() {
    for text in ["2027-01-31", "2028-02-29", "2000-02-29"] {
      #expect(CivilDate(text)?.description == text)
    }
    for text in ["2027-02-29", "1900-02-29", "2027-13-01", "2027-1-31", "2027-01-32", "", "a-b-c"] {
      #expect(CivilDate(text) == nil, "\(text)")
    }
  }
}
