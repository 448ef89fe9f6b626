// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The texts that the keys of invalid events stand for, as small numbers: reasons and messages in
// their normal form, pointers, producers.
//
// Thread contract: InvalidWords from any thread; a WordCache has one owner.
// Bound: words_max of a kind, each as Interner; what comes later is "(other)". A cache holds 512.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "models/event/interner.h"

namespace weir {

struct InvalidWords {
    static constexpr std::size_t words_max = 4'096;

    Interner reasons, messages, pointers, producers;
};

/// Spares texts that were met before their normal form and the lock.
class WordCache {
  public:
    using Form = std::string (*)(std::string_view);
    /// `form` is what is kept of a text. REQUIRES: `words` outlives it.
    WordCache(Interner& words, Form form)
        : m_words(words)
        , m_form(form) {}

    ValueId id(std::string_view text);

  private:
    static constexpr std::size_t slot_count = 512;
    static constexpr std::size_t text_bytes_max = 512; // longer ones are not kept
    struct Slot {
        std::uint64_t hash = 0;
        ValueId id;
        std::string text;
    };
    Interner& m_words;
    const Form m_form;
    std::vector<Slot> m_slots = std::vector<Slot>(slot_count); // direct mapped
};

} // namespace weir
