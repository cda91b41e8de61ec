/// A piece of a source text: from the first character to just after the last one.
///
/// Lines and columns count from 1; columns count Unicode scalars, as editors do. The file is a
/// number that `SourceCatalog` resolves, so that a span costs 20 bytes on every value.
package struct SourceSpan: Sendable, Hashable, Comparable {
  /// Which text, by its number in the catalogue.
  package var file: Int32
  package var line: Int32
  package var column: Int32
  package var endLine: Int32
  package var endColumn: Int32

  package init(file: Int32, line: Int32, column: Int32, endLine: Int32, endColumn: Int32) {
    self.file = file
    self.line = line
    self.column = column
    self.endLine = endLine
    self.endColumn = endColumn
  }

  /// By file, then by start, then by end.
  package static func < (left: SourceSpan, right: SourceSpan) -> Bool {
    (left.file, left.line, left.column, left.endLine, left.endColumn)
      < (right.file, right.line, right.column, right.endLine, right.endColumn)
  }
}
