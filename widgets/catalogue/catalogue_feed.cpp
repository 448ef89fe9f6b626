// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/catalogue/catalogue_feed.h"

namespace weir {

namespace {

constexpr int counts_every_ms = 500;
constexpr int dates_every_ms = 60'000; // what is deprecated and removed goes by the day

} // namespace

CatalogueFeed::CatalogueFeed(std::unique_ptr<CatalogueSource> source)
    : m_source(std::move(source)) {}

std::shared_ptr<const Catalogue> CatalogueFeed::newest() {
    CatalogueParts parts;
    parts.contracts = m_source->contracts();
    parts.vocabulary = m_source->vocabulary();
    parts.disclosure = m_source->disclosure();
    parts.only = m_parts.only;
    if (m_coming_in)
        parts.entries = m_source->entries();
    const bool other = !m_catalogue || parts.contracts != m_parts.contracts ||
                       parts.vocabulary != m_parts.vocabulary ||
                       parts.disclosure != m_parts.disclosure || parts.entries != m_parts.entries;
    if (!other && m_age.elapsed() < counts_every_ms)
        return m_catalogue;
    if (parts.vocabulary)
        parts.counts = m_source->counts();
    if (!other && parts.counts == m_parts.counts && m_age.elapsed() < dates_every_ms)
        return m_catalogue;
    parts.now = Micros::now();
    m_parts = std::move(parts);
    m_catalogue = make_catalogue(m_parts);
    m_age.start();
    return m_catalogue;
}

void CatalogueFeed::count(bool coming_in, std::optional<PlaceId> only) {
    m_coming_in = coming_in;
    m_parts.only = only;
    m_catalogue.reset();
}

} // namespace weir
