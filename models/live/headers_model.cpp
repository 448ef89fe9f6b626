// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/live/headers_model.h"

#include <algorithm>

#include "models/event/json/utf8.h"
#include "models/live/printable.h"

namespace weir {

namespace {

bool is_text(const std::string& bytes) {
    return is_utf8(bytes) && std::none_of(bytes.begin(), bytes.end(), [](char c) {
               const auto byte = static_cast<unsigned char>(c);
               return byte < 0x20 && c != '\n' && c != '\r' && c != '\t';
           });
}

QString hex_text(const std::string& bytes) {
    constexpr std::size_t shown_max = 64;
    const auto shown = static_cast<qsizetype>(std::min(bytes.size(), shown_max));
    QString text =
        QStringLiteral("0x") % QString::fromLatin1(QByteArray(bytes.data(), shown).toHex());
    if (bytes.size() > shown_max)
        text += QStringLiteral("…");
    if (bytes.size() != 4 && bytes.size() != 8)
        return text;
    std::uint64_t number = 0; // big-endian, as Kafka's own serializers write it
    for (const char c : bytes)
        number = number << 8 | static_cast<unsigned char>(c);
    const std::int64_t value = bytes.size() == 4
                                   ? static_cast<std::int32_t>(static_cast<std::uint32_t>(number))
                                   : static_cast<std::int64_t>(number);
    return text % QStringLiteral("  (int %1)").arg(value);
}

} // namespace

QString HeadersModel::valueText(const EventDetail::Header& header) {
    if (header.null)
        return tr("no value (null)");
    if (!is_text(header.value))
        return hex_text(header.value);
    const std::string text = printable(header.value, 4096);
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

void HeadersModel::setDetail(std::shared_ptr<const EventDetail> detail) {
    beginResetModel();
    m_detail = std::move(detail);
    endResetModel();
}

int HeadersModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() || !m_detail ? 0 : static_cast<int>(m_detail->headers.size());
}

int HeadersModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant HeadersModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid())
        return {};
    const EventDetail::Header& header = m_detail->headers[static_cast<std::size_t>(index.row())];
    if (role == NullRole)
        return header.null;
    if (role == Qt::TextAlignmentRole && index.column() == Size)
        return QVariant::fromValue(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter));
    if (role != Qt::DisplayRole)
        return {};
    switch (index.column()) {
    case Name: {
        const std::string name = printable(header.name);
        return QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()));
    }
    case Value:
        return valueText(header);
    default:
        return header.null ? QStringLiteral("–") : QString::number(header.value.size());
    }
}

QVariant HeadersModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Name:
        return tr("Header");
    case Value:
        return tr("Value");
    default:
        return tr("Bytes");
    }
}

} // namespace weir
