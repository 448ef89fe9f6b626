// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// JsonScanner: the one strict pass over JSON (RFC 8259) under the tape and under the decoder. It
// tells a Handler what it meets, in order; it has no recursion and no stack of its own. Handler:
//
//   const char* open(JsonKind kind, const char* at)
//                                  Object or Array begins; an error text stops the pass
//   void close(const char* end)    the innermost one ends before `end`
//   bool inside(), in_object()     of the innermost open container
//   const char* text(JsonKind, const char* from, const char* to, bool escaped)
//                                  a key, string, number or literal; as open()
//
// Thread contract: one use, one thread. Bound: the handler's.
#pragma once

#include <cstdint>
#include <string_view>

#include "models/event/json/json_lexer.h"
#include "models/event/json/json_tape.h"

namespace weir {

template <class Handler>
class JsonScanner : private JsonLexer<> {
  public:
    JsonScanner(Handler& handler, std::string_view text)
        : JsonLexer<>(text)
        , m_handler(handler) {}

    /// Reads one value from `p` on, white space before it allowed. The byte behind it, or null: see
    /// error(). REQUIRES: the handler is not inside a container.
    const char* run(const char* p);
    using JsonText::error;
    using JsonText::fail;
    using JsonText::space;

  private:
    const char* key(const char* p);
    const char* value(const char* p);
    const char* after_value(const char* p);
    const char* open(const char* p, JsonKind kind);
    template <JsonKind kind>
    const char* string(const char* p); // the content and the closing quote
    const char* text(JsonKind kind, const char* from, const char* to, bool escaped);

    Handler& m_handler;
};

template <class Handler>
const char* JsonScanner<Handler>::run(const char* p) {
    do {
        p = value(space(p));
        if (p != nullptr && m_handler.inside())
            p = after_value(p);
    } while (p != nullptr && m_handler.inside());
    return p;
}

template <class Handler>
inline const char* JsonScanner<Handler>::text(JsonKind kind, const char* from, const char* to,
                                              bool escaped) {
    if (to == nullptr)
        return nullptr;
    const char* const failure = m_handler.text(kind, from, to, escaped);
    return failure == nullptr ? to : fail(from, failure);
}

/// Reads one value; of a container only its beginning, as far as its first value (or its end).
template <class Handler>
const char* JsonScanner<Handler>::value(const char* p) {
    for (;;) {
        const char c = p < end() ? *p : '\0';
        if (c == '"')
            return string<JsonKind::String>(p);
        if (c != '{' && c != '[') {
            JsonKind kind = JsonKind::Null;
            const char* const behind = scalar(p, kind);
            return text(kind, p, behind, false);
        }
        p = open(p, c == '{' ? JsonKind::Object : JsonKind::Array);
        if (p == nullptr || (p < end() && *p == (c == '{' ? '}' : ']')))
            return p;
        if (c == '{')
            p = key(p);
        if (p == nullptr)
            return nullptr;
    }
}

/// Closes what ends here, and goes on to the next value (behind its key) if there is one.
template <class Handler>
const char* JsonScanner<Handler>::after_value(const char* p) {
    while (m_handler.inside()) {
        p = space(p);
        const bool object = m_handler.in_object();
        if (p == end())
            return fail(p, object ? "expected ',' or '}', found the end"
                                  : "expected ',' or ']', found the end");
        if (*p == ',')
            return object ? key(space(p + 1)) : p + 1;
        if (*p != (object ? '}' : ']'))
            return fail(p, object ? "expected ',' or '}'" : "expected ',' or ']'");
        m_handler.close(++p);
    }
    return p;
}

/// Opens a container and steps to what comes first in it.
template <class Handler>
inline const char* JsonScanner<Handler>::open(const char* p, JsonKind kind) {
    const char* const failure = m_handler.open(kind, p);
    return failure == nullptr ? space(p + 1) : fail(p, failure);
}

/// A key with its colon; to the value's first byte.
template <class Handler>
inline const char* JsonScanner<Handler>::key(const char* p) {
    if (p == end() || *p != '"')
        return fail(p, "expected a key in quotes");
    p = string<JsonKind::Key>(p);
    if (p == nullptr)
        return nullptr;
    p = space(p);
    if (p == end() || *p != ':')
        return fail(p, "expected ':'");
    return space(p + 1);
}

template <class Handler>
template <JsonKind kind>
inline const char* JsonScanner<Handler>::string(const char* p) {
    bool escaped = false;
    const char* const from = p + 1;
    const char* const to = JsonLexer<>::string(from, escaped);
    return text(kind, from, to, escaped) == nullptr ? nullptr : to + 1;
}

} // namespace weir
