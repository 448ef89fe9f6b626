// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/live/sorted_rows.h"

namespace weir {

void SortedRows::reset(std::shared_ptr<const Vocabulary> vocabulary,
                       std::shared_ptr<const DisclosurePolicy> disclosure,
                       DecoderFactory decoders) {
    sort_by(std::nullopt);
    m_vocabulary = std::move(vocabulary);
    m_disclosure = std::move(disclosure);
    m_decoders = std::move(decoders);
}

void SortedRows::sort_by(std::optional<SortSpec> spec) {
    m_spec = std::move(spec);
    m_job.reset();
    m_rows.reset();
    m_base.reset();
    m_out.reset();
}

std::shared_ptr<const LiveSnapshot>
SortedRows::apply(const std::shared_ptr<const LiveSnapshot>& base, bool still) {
    if (!m_spec)
        return base;
    const Rows rows{base->filter_token, base->matched(), base->given_up};
    if (!still || base->scanning || !(rows == m_of)) {
        sort_by(std::exchange(m_spec, std::nullopt));
        m_of = rows;
        if (!still || base->scanning)
            return base;
    }
    if (!m_job && !m_rows)
        m_job = SortJob::start({base, *m_spec, m_vocabulary, m_disclosure, m_decoders});
    if (m_job && m_job->finished()) {
        m_rows = m_job->rows();
        m_job.reset();
    }
    if (!m_rows)
        return base;
    if (m_base != base) {
        // The segments are the base's own: what it lets go or moves to disk is not kept here.
        auto next = std::make_shared<LiveSnapshot>(*base);
        next->rows = *m_rows;
        m_base = base;
        m_out = std::move(next);
    }
    return m_out;
}

} // namespace weir
