// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Tokens in the stead of personal values: the same value gives the same token under the same key,
// wherever it stands, so that events can still be joined and counted; without the key nothing leads
// back. Every byte of a token is drawn from HMAC-SHA-256(key, value).
//
// A token has the form of its value: a UUID is a UUID of the same version; an e-mail address one at
// example.com, .net or .org; an IP address one of the ranges for documentation (RFC 5737, RFC
// 3849); a date a date; a link a link to example.org; a number keeps its sign and its count of
// digits; a person's name becomes another one; of all else letters stay letters, digits digits, hex
// digits hex digits, punctuation and a short prefix ("u-", "cus_") what they are. IPv4 addresses
// (762) and names (4,096) are few: two values can get one token. Where the form is known (a
// contract's field), other tokens are drawn until one fits: of numbers in a narrow range more and
// more of the leading digits stay, of texts what their pattern begins and ends with, and at last
// the domain of an address and the host of a link. The scheme of "mailto:", "tel:" and their like
// stays always. A token is never the value itself, but by chance where the form lists what there
// may be: rather than that it goes against the form.
//
// Thread contract: immutable, shared. Bound: draws_max tokens are drawn for a value.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "connectors/base/result.h"
#include "models/event/disclosure/field_classes.h"

namespace weir {

class Tokeniser {
  public:
    static constexpr std::size_t key_bytes_min = 16;
    static constexpr int draws_max = 64;

    /// Errors: Config (the key is too short).
    static Result<std::shared_ptr<const Tokeniser>> create(std::string key);
    ~Tokeniser();

    /// `reason`: the class of personal data ("name" makes a name). `form` may be null.
    std::string of_text(std::string_view text, std::string_view reason,
                        const ValueForm* form = nullptr) const;
    /// REQUIRES: `digits` is a JSON number.
    std::string of_number(std::string_view digits, const ValueForm* form = nullptr) const;

  private:
    explicit Tokeniser(std::string key)
        : m_key(std::move(key)) {}
    std::string chosen(std::string_view value, const ValueForm& form) const;
    const std::string m_key;
};

} // namespace weir
