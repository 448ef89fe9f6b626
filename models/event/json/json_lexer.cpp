// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/json/json_lexer.h"

#include "connectors/base/characters.h"

namespace weir {

const char* JsonText::escape(const char* p) {
    if (p + 1 == m_end)
        return fail(p, "a string without its closing quote");
    if (p[1] == 'u') {
        for (int i = 2; i < 6; ++i) {
            if (p + i >= m_end || !is_hex(p[i]))
                return fail(p, "\\u needs four hex digits");
        }
        return p + 6;
    }
    if (p[1] == '\0' || std::strchr("\"\\/bfnrt", p[1]) == nullptr)
        return fail(p, "an unknown escape");
    return p + 2;
}

const char* JsonText::digits(const char* p) const {
    while (p < m_end && is_digit(*p))
        ++p;
    return p;
}

const char* JsonText::number_of_any_kind(const char* p) {
    const char* const from = p;
    if (*p == '-')
        ++p;
    if (p == m_end || !is_digit(*p))
        return fail(p, p == from ? "expected a value" : "expected a digit");
    if (*p == '0' && p + 1 < m_end && is_digit(p[1]))
        return fail(p, "a number must not begin with 0");
    p = digits(p);
    if (p < m_end && *p == '.') {
        const char* const fraction = p + 1;
        p = digits(fraction);
        if (p == fraction)
            return fail(p, "expected a digit");
    }
    if (p < m_end && (*p == 'e' || *p == 'E')) {
        ++p;
        if (p < m_end && (*p == '+' || *p == '-'))
            ++p;
        const char* const exponent = p;
        p = digits(exponent);
        if (p == exponent)
            return fail(p, "expected a digit");
    }
    return p;
}

} // namespace weir
