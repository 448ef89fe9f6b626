// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the line over the catalogue says: how much there is, and what is not as it should be.
// Thread contract: pure functions.
#pragma once

#include "models/catalogue/catalogue.h"
#include "widgets/catalogue/catalogue_source.h"
#include "widgets/common/theme.h"

namespace weir {

QString catalogue_status_text(const Catalogue& catalogue, const CatalogueStatus& status);
Token catalogue_status_tone(const Catalogue& catalogue, const CatalogueStatus& status);

} // namespace weir
