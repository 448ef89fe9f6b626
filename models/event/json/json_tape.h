// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// JsonTape: one strict forward pass (RFC 8259) over a payload into a flat vector of nodes. Numbers
// stay text, duplicate keys stay, nothing is decoded until asked. Tree view, filter paths, masking,
// contracts, differences and repair all work on it.
//
// Layout: an object is its node followed by (key, value) pairs, an array is its node followed by
// its elements; `next` of any node is the index behind its whole subtree, so a subtree is skipped
// in one step. Keys are nodes of kind Key. `offset` and `length` count bytes of the payload: for
// strings and keys the content between the quotes, for all else the whole text of the value.
//
// Thread contract: one owner; const use from any thread. Bound: Limits. The payload must outlive
// the tape and be less than 4 GiB.
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

enum class JsonKind : std::uint8_t { Object, Array, String, Number, True, False, Null, Key };

struct TapeNode {
    JsonKind kind;
    bool escaped;        // strings and keys: the content holds a backslash
    std::uint16_t depth; // the root has depth 0
    std::uint32_t offset;
    std::uint32_t length;
    std::uint32_t next;
};
static_assert(sizeof(TapeNode) == 16);

struct JsonError {
    std::uint32_t offset = 0; // byte at which the text stops being JSON
    const char* what = "";    // static text, e.g. "expected ',' or '}'"
};

/// Levels of JSON that is read. Whoever walks over a tape may use a frame of its stack a level.
inline constexpr std::uint32_t json_depth_max = 1'024;
/// JsonError::what of a text with more levels than that.
inline constexpr const char* json_too_deep =
    "nested too deep: Weir reads JSON of up to 1,024 levels";

struct JsonLimits {
    std::uint32_t depth = json_depth_max;
    std::uint32_t nodes = 4'000'000;
};

class JsonTape {
  public:
    /// Parses `text`, replacing what was held; capacity is kept. False: see error(). Strings must
    /// be valid UTF-8 with valid escapes; exactly one value, white space around it allowed.
    bool parse(std::string_view text, JsonLimits limits = {});
    /// A text that ends with the statement: the tape refers to it.
    template <std::same_as<std::string> Text>
    bool parse(Text&& text, JsonLimits limits = {}) = delete;

    /// REQUIRES (all below): the last parse() returned true.
    const std::vector<TapeNode>& nodes() const { return m_nodes; }
    std::string_view text() const { return m_text; }
    const JsonError& error() const { return m_error; }

    /// The node's bytes: content of strings and keys (escapes as they stand), text of all else.
    std::string_view raw(std::uint32_t node) const {
        return m_text.substr(m_nodes[node].offset, m_nodes[node].length);
    }
    /// The node's bytes with the quotes of a string or key.
    std::string_view raw_quoted(std::uint32_t node) const;
    /// The content of a string or key with its escapes resolved (lone surrogates become U+FFFD).
    std::string unescaped(std::uint32_t node) const;
    /// As unescaped(), without a copy where nothing is escaped; `scratch` holds it otherwise.
    std::string_view text_of(std::uint32_t node, std::string& scratch) const;

    /// Value node of the object's last member with that key (as most parsers have it), or nullopt.
    std::optional<std::uint32_t> member(std::uint32_t object, std::string_view key) const;
    /// Element `index` of an array.
    std::optional<std::uint32_t> element(std::uint32_t array, std::uint32_t index) const;
    /// Number of members or elements.
    std::uint32_t size(std::uint32_t container) const;

    /// RFC 6901 pointer of a node, e.g. "/properties/items/0/sku"; "" for the root.
    std::string pointer(std::uint32_t node) const;
    /// The node at an RFC 6901 pointer.
    std::optional<std::uint32_t> at(std::string_view pointer) const;

  private:
    std::string_view m_text;
    std::vector<TapeNode> m_nodes;
    JsonError m_error;
};

/// Whether JsonError::what tells of too many levels, of any limit: such a text may well be JSON.
bool is_too_deep(std::string_view what);
/// Why a text was not read as JSON, with JsonError::what: "not JSON: expected a value".
std::string unread_json_text(std::string_view what);
/// Resolves JSON string escapes. REQUIRES: `raw` is the content of a valid JSON string.
void append_unescaped(std::string_view raw, std::string& out);
/// `text` as a JSON string with quotes; invalid UTF-8 becomes U+FFFD.
void append_json_string(std::string_view text, std::string& out);
/// "/" and a member's name as a step of an RFC 6901 pointer.
void append_pointer_token(std::string_view name, std::string& out);

} // namespace weir
