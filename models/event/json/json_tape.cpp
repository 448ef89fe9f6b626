// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/json/json_tape.h"

#include <algorithm>
#include <bit>
#include <charconv>

#include "models/event/json/byte_masks.h"
#include "models/event/json/json_scanner.h"
#include "models/event/json/utf8.h"

namespace weir {

namespace {

constexpr char32_t replacement = 0xFFFD;

/// The four hex digits at `p`. REQUIRES: they are there.
char32_t hex4(const char* p) {
    std::uint32_t unit = 0;
    std::from_chars(p, p + 4, unit, 16);
    return unit;
}

/// The code point of the \u escape at raw[i], joined with a second one if they are a pair.
char32_t escaped_code_point(std::string_view raw, std::size_t& i) {
    const char32_t first = hex4(raw.data() + i + 2);
    i += 6;
    if (first < 0xD800 || first > 0xDFFF)
        return first;
    if (first < 0xDC00 && i + 6 <= raw.size() && raw[i] == '\\' && raw[i + 1] == 'u') {
        const char32_t second = hex4(raw.data() + i + 2);
        if (second >= 0xDC00 && second <= 0xDFFF) {
            i += 6;
            return 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
        }
    }
    return replacement;
}

char unescaped_char(char c) {
    switch (c) {
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    default:
        return c; // quote, backslash, slash
    }
}

/// One reference token of an RFC 6901 pointer with ~1 and ~0 resolved.
std::string pointer_token(std::string_view token) {
    std::string out;
    for (std::size_t i = 0; i < token.size(); ++i) {
        if (token[i] == '~' && i + 1 < token.size() && (token[i + 1] == '0' || token[i + 1] == '1'))
            out.push_back(token[++i] == '0' ? '~' : '/');
        else
            out.push_back(token[i]);
    }
    return out;
}

/// What every text about too many levels begins with.
constexpr std::string_view too_deep = "nested too deep";

/// Writes what the scanner meets. While a container is open, its node's `next` holds the index of
/// the container around it: that is all the stack there is.
class TapeWriter {
  public:
    TapeWriter(std::vector<TapeNode>& nodes, const char* begin, JsonLimits limits)
        : m_nodes(nodes)
        , m_begin(begin)
        , m_depth_limit(std::min<std::uint32_t>(limits.depth, 0xFFFF))
        , m_node_limit(limits.nodes) {}

    const char* open(JsonKind kind, const char* at) {
        if (m_depth >= m_depth_limit)
            return m_depth_limit == json_depth_max ? json_too_deep : too_deep.data();
        if (const char* const failure = text(kind, at, at + 1, false); failure != nullptr)
            return failure;
        m_nodes.back().next = m_open;
        m_open = static_cast<std::uint32_t>(m_nodes.size() - 1);
        ++m_depth;
        return nullptr;
    }
    void close(const char* end) {
        TapeNode& node = m_nodes[m_open];
        node.length = static_cast<std::uint32_t>(end - m_begin) - node.offset;
        m_open = node.next;
        node.next = static_cast<std::uint32_t>(m_nodes.size());
        --m_depth;
    }
    bool inside() const { return m_open != no_node; }
    bool in_object() const { return m_nodes[m_open].kind == JsonKind::Object; }
    const char* text(JsonKind kind, const char* from, const char* to, bool escaped) {
        if (m_nodes.size() >= m_node_limit)
            return "too many values";
        m_nodes.push_back({kind, escaped, static_cast<std::uint16_t>(m_depth),
                           static_cast<std::uint32_t>(from - m_begin),
                           static_cast<std::uint32_t>(to - from),
                           static_cast<std::uint32_t>(m_nodes.size() + 1)});
        return nullptr;
    }

  private:
    static constexpr std::uint32_t no_node = 0xFFFFFFFF;
    std::vector<TapeNode>& m_nodes;
    const char* m_begin;
    std::uint32_t m_open = no_node; // the innermost open container
    std::uint32_t m_depth = 0;      // of the node to come
    std::uint32_t m_depth_limit;
    std::uint32_t m_node_limit;
};

} // namespace

void append_pointer_token(std::string_view text, std::string& out) {
    out.push_back('/');
    for (const char c : text) {
        if (c == '~')
            out += "~0";
        else if (c == '/')
            out += "~1";
        else
            out.push_back(c);
    }
}

bool JsonTape::parse(std::string_view text, JsonLimits limits) {
    m_text = text;
    m_nodes.clear();
    m_error = {};
    if (text.size() >= 0xFFFFFFFF) {
        m_error = {0, "longer than 4 GiB"};
        return false;
    }
    TapeWriter writer(m_nodes, text.data(), limits);
    JsonScanner scanner(writer, text);
    const char* end = scanner.run(text.data());
    if (end != nullptr) {
        end = scanner.space(end);
        if (end != text.data() + text.size())
            end = scanner.fail(end, "text behind the value");
    }
    m_error = scanner.error();
    return end != nullptr;
}

std::string_view JsonTape::raw_quoted(std::uint32_t node) const {
    const TapeNode& n = m_nodes[node];
    if (n.kind != JsonKind::String && n.kind != JsonKind::Key)
        return raw(node);
    return m_text.substr(n.offset - 1, n.length + 2);
}

std::string JsonTape::unescaped(std::uint32_t node) const {
    std::string out;
    append_unescaped(raw(node), out);
    return out;
}

std::string_view JsonTape::text_of(std::uint32_t node, std::string& scratch) const {
    if (!m_nodes[node].escaped)
        return raw(node);
    scratch.clear();
    append_unescaped(raw(node), scratch);
    return scratch;
}

std::optional<std::uint32_t> JsonTape::member(std::uint32_t object, std::string_view key) const {
    if (m_nodes[object].kind != JsonKind::Object)
        return std::nullopt;
    std::optional<std::uint32_t> found;
    std::string scratch;
    for (std::uint32_t i = object + 1; i < m_nodes[object].next; i = m_nodes[i + 1].next) {
        if (text_of(i, scratch) == key)
            found = i + 1;
    }
    return found;
}

std::optional<std::uint32_t> JsonTape::element(std::uint32_t array, std::uint32_t index) const {
    if (m_nodes[array].kind != JsonKind::Array)
        return std::nullopt;
    for (std::uint32_t i = array + 1; i < m_nodes[array].next; i = m_nodes[i].next) {
        if (index-- == 0)
            return i;
    }
    return std::nullopt;
}

std::uint32_t JsonTape::size(std::uint32_t container) const {
    std::uint32_t count = 0;
    const bool object = m_nodes[container].kind == JsonKind::Object;
    for (std::uint32_t i = container + 1; i < m_nodes[container].next;
         i = m_nodes[object ? i + 1 : i].next)
        ++count;
    return count;
}

std::string JsonTape::pointer(std::uint32_t node) const {
    std::string out;
    std::string scratch;
    std::uint32_t container = 0;
    while (container != node) {
        const bool object = m_nodes[container].kind == JsonKind::Object;
        std::uint32_t index = 0;
        std::uint32_t child = container + 1; // of an object: a key
        while (m_nodes[object ? child + 1 : child].next <= node) {
            child = m_nodes[object ? child + 1 : child].next;
            ++index;
        }
        append_pointer_token(object ? text_of(child, scratch) : std::to_string(index), out);
        if (child == node) // a key has its value's pointer
            break;
        container = object ? child + 1 : child;
    }
    return out;
}

std::optional<std::uint32_t> JsonTape::at(std::string_view pointer) const {
    std::optional<std::uint32_t> node = 0;
    while (node && !pointer.empty()) {
        if (pointer.front() != '/')
            return std::nullopt;
        const std::size_t end = std::min(pointer.find('/', 1), pointer.size());
        const std::string token = pointer_token(pointer.substr(1, end - 1));
        pointer.remove_prefix(end);
        if (m_nodes[*node].kind == JsonKind::Array) {
            std::uint32_t index = 0;
            const char* const last = token.data() + token.size();
            const auto [stop, failure] = std::from_chars(token.data(), last, index);
            if (failure != std::errc() || stop != last || (token.size() > 1 && token[0] == '0'))
                return std::nullopt;
            node = element(*node, index);
        } else {
            node = member(*node, token);
        }
    }
    return node;
}

bool is_too_deep(std::string_view what) {
    return what.substr(0, too_deep.size()) == too_deep;
}

std::string unread_json_text(std::string_view what) {
    return (is_too_deep(what) ? "" : "not JSON: ") + std::string(what);
}

void append_unescaped(std::string_view raw, std::string& out) {
    for (std::size_t i = 0; i < raw.size();) {
        const std::size_t plain = std::min(raw.find('\\', i), raw.size());
        out.append(raw, i, plain - i);
        i = plain;
        if (i == raw.size())
            break;
        if (raw[i + 1] == 'u') {
            append_utf8(escaped_code_point(raw, i), out);
        } else {
            out.push_back(unescaped_char(raw[i + 1]));
            i += 2;
        }
    }
}

namespace {

/// Where from `at` on the first byte stands that a JSON string does not hold as it is, or that is
/// no ASCII.
std::size_t plain_end(std::string_view text, std::size_t at) {
    for (; text.size() - at >= mask_bytes; at += mask_bytes)
        if (const std::uint32_t special = BaselineMasks::special(text.data() + at))
            return at + static_cast<std::size_t>(std::countr_zero(special));
    const auto plain = [](char c) {
        return c != '"' && c != '\\' && static_cast<unsigned char>(c) - 0x20U < 0x60U;
    };
    while (at < text.size() && plain(text[at]))
        ++at;
    return at;
}

void append_escape(char c, std::string& out) {
    static constexpr char hex[] = "0123456789abcdef";
    out.push_back('\\');
    if (c == '"' || c == '\\')
        out.push_back(c);
    else if (c == '\n' || c == '\t' || c == '\r')
        out.push_back(c == '\n' ? 'n' : c == '\t' ? 't' : 'r');
    else
        out.append("u00").append({hex[static_cast<unsigned char>(c) >> 4], hex[c & 0xF]});
}

/// Appends the characters beyond ASCII that begin at `at`; returns where they end.
std::size_t append_beyond_ascii(std::string_view text, std::size_t at, std::string& out) {
    const char* const end = text.data() + text.size();
    const std::size_t begin = at;
    while (at < text.size() && static_cast<unsigned char>(text[at]) >= 0x80) {
        const std::size_t size = utf8_sequence(text.data() + at, end);
        if (size == 0) {
            out.append(text, begin, at - begin);
            append_utf8(replacement, out);
            return at + 1;
        }
        at += size;
    }
    out.append(text, begin, at - begin);
    return at;
}

} // namespace

void append_json_string(std::string_view text, std::string& out) {
    out.push_back('"');
    for (std::size_t at = 0;;) {
        const std::size_t end = plain_end(text, at);
        out.append(text, at, end - at);
        at = end;
        if (at == text.size())
            break;
        if (static_cast<unsigned char>(text[at]) >= 0x80)
            at = append_beyond_ascii(text, at, out);
        else
            append_escape(text[at++], out);
    }
    out.push_back('"');
}

} // namespace weir
