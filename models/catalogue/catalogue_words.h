// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the catalogue says about types, versions and broken files, in words.
// Thread contract: pure functions. What comes from files and events is made printable.
#pragma once

#include <QString>

#include <string>

#include "models/catalogue/catalogue.h"

namespace weir {

QString shown_text(const std::string& text);
/// The texts made printable, with ", " between them.
QString joined_text(const std::vector<std::string>& texts);
/// The last part of a path, without what follows ("purchase/3.json" of "/x/purchase/3.json:12: #").
QString file_name(const std::string& where);
/// "12,345"; "" where nothing was seen.
QString seen_text(const Seen& seen);
QString number_text(std::uint64_t number);

struct CatalogueNote {
    QString text;
    bool alarm = false; // one to look at
};
/// What stands beside a type: its newest version, and what is to be looked at.
CatalogueNote type_note(const CatalogueType& type);
/// Events that break what was agreed: of a version that is removed, or has no contract.
bool version_alarms(const CatalogueVersion& version);
/// All of a row in one sentence, for a tooltip and a screen reader.
QString type_sentence(const CatalogueType& type);
QString version_sentence(const CatalogueType& type, const CatalogueVersion& version);
/// "deprecated since 2026-01-15, removed on 2027-06-01"; "" if neither is said.
QString dates_text(const Contract& contract);

} // namespace weir
