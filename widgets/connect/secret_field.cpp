// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/connect/secret_field.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QStyle>
#include <QVBoxLayout>

#include <array>

#include "connectors/secrets/typed_secrets.h"
#include "models/event/worker_thread.h"
#include "widgets/common/combo_box.h"
#include "widgets/common/controls.h"

namespace weir {
namespace {

struct Kind {
    const char* prefix;
    const char* title;
    const char* hint;
};
constexpr std::array<Kind, 5> kinds{{
    {"", QT_TRANSLATE_NOOP("SecretField", "Typed in"),
     QT_TRANSLATE_NOOP("SecretField", "empty: none")},
    {"env:", QT_TRANSLATE_NOOP("SecretField", "Environment"), "KAFKA_PASSWORD"},
    {"keychain:", QT_TRANSLATE_NOOP("SecretField", "Keychain"), "weir/prod-kafka"},
    {"file:", QT_TRANSLATE_NOOP("SecretField", "File"), "/run/secrets/kafka"},
    {"command:", QT_TRANSLATE_NOOP("SecretField", "Command"), "pass show kafka"},
}};
constexpr int typed = 0;
constexpr int environment = 1;
constexpr int keychain = 2;

} // namespace

SecretField::SecretField(const QString& what, SecretStore store, QWidget* parent)
    : QWidget(parent)
    , m_what(what)
    , m_store(std::move(store))
    , m_kind(new ComboBox)
    , m_text(new QLineEdit)
    , m_store_button(quiet_button(tr("Store in the keychain")))
    , m_note(new TextLabel({}, TextRole::Muted)) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    for (const Kind& kind : kinds)
        m_kind->addItem(tr(kind.title));
    m_kind->setAccessibleName(tr("%1: where it is kept").arg(what));
    m_store_button->setAccessibleName(tr("Store the %1 in the keychain").arg(what));
    m_note->setWordWrap(true);
    row->addWidget(m_kind);
    row->addWidget(m_text, 1);
    column->addLayout(row);
    column->addWidget(m_note);
    column->addWidget(m_store_button, 0, Qt::AlignLeft);
    setFocusProxy(m_text);
    connect(m_kind, &QComboBox::currentIndexChanged, this, &SecretField::kind_changed);
    connect(m_text, &QLineEdit::textChanged, this, &SecretField::text_changed);
    connect(m_store_button, &QPushButton::clicked, this, &SecretField::store);
    kind_changed();
}

void SecretField::setSuggestion(const QString& place) {
    m_suggestion = place;
    text_changed();
}

std::optional<QString> SecretField::mistake(FormUse use) const {
    const QString text = m_text->text().trimmed();
    if (use == FormUse::File && m_kind->currentIndex() == typed && !m_text->text().isEmpty())
        return tr("What is typed in goes into no file: store it in the keychain, or name another "
                  "place where it is kept");
    static const QRegularExpression name(QStringLiteral("^[A-Za-z_][A-Za-z0-9_]*$"));
    if (m_kind->currentIndex() == environment && !text.isEmpty() && !name.match(text).hasMatch())
        return tr("This is not the name of an environment variable");
    static const QRegularExpression place(QStringLiteral("^[^/]+/.+$"));
    if (m_kind->currentIndex() == keychain && !text.isEmpty() && !place.match(text).hasMatch())
        return tr("A place in the keychain is SERVICE/KEY");
    return std::nullopt;
}

Result<kafka::SecretRef> SecretField::ref(FormUse use) {
    if (const std::optional<QString> wrong = mistake(use)) {
        say(QStringLiteral("▲ ") % *wrong, true);
        m_text->setFocus(Qt::OtherFocusReason);
        return Error{ErrorCode::Config, wrong->toStdString(), m_what.toStdString(), "", "", -1};
    }
    if (m_kind->currentIndex() == typed && !m_text->text().isEmpty())
        return keep_typed(m_text->text().toStdString());
    const QString text = m_text->text().trimmed();
    if (text.isEmpty())
        return kafka::SecretRef{};
    return kafka::SecretRef{kinds[static_cast<std::size_t>(m_kind->currentIndex())].prefix +
                            text.toStdString()};
}

void SecretField::setRef(const kafka::SecretRef& ref) {
    for (std::size_t i = 1; i < kinds.size(); ++i) {
        const std::string prefix = kinds[i].prefix;
        if (ref.text.compare(0, prefix.size(), prefix) == 0) {
            m_kind->setCurrentIndex(static_cast<int>(i));
            m_text->setText(QString::fromStdString(ref.text.substr(prefix.size())));
            return;
        }
    }
    m_kind->setCurrentIndex(typed);
    m_text->setText(QString::fromStdString(typed_secret(ref).value_or(std::string())));
}

void SecretField::kind_changed() {
    const int kind = m_kind->currentIndex();
    // A secret must not stand in the open, nor a place be taken for a secret.
    m_text->clear();
    m_text->setEchoMode(kind == typed ? QLineEdit::Password : QLineEdit::Normal);
    m_text->setAccessibleName(kind == typed ? m_what : tr("%1: its place").arg(m_what));
    m_text->setPlaceholderText(tr(kinds[static_cast<std::size_t>(kind)].hint));
    if (kind == keychain)
        m_text->setText(m_suggestion);
    text_changed();
}

void SecretField::text_changed() {
    ++m_asked;
    const bool offer = m_kind->currentIndex() == typed && !m_text->text().isEmpty();
    m_store_button->setVisible(offer && m_store != nullptr);
    m_store_button->setEnabled(true);
    say(offer ? tr("Good until Weir ends. To save the connection, store it in the keychain, which "
                   "keeps it as %1; a workspace holds only this name.")
                    .arg(m_suggestion)
              : QString(),
        false);
    Q_EMIT changed();
}

void SecretField::say(const QString& text, bool is_mistake) {
    m_note->setText(text);
    m_note->setTone(is_mistake ? Token::Red : Token::Muted);
    m_note->setVisible(!text.isEmpty());
    m_text->setProperty("weirState", is_mistake ? QVariant(QStringLiteral("bad")) : QVariant());
    m_text->style()->polish(m_text);
}

void SecretField::store() {
    m_store_button->setEnabled(false);
    say(tr("Asking the keychain"), false);
    start_worker([this, slot = m_mailbox.slot(), store_it = m_store, place = m_suggestion,
                  secret = m_text->text().toStdString(), asked = ++m_asked] {
        const Result<void> done = store_it(place.toStdString(), secret);
        Mailbox::post(slot, [this, done, place, asked] { // opened while the field is there
            if (m_asked == asked)
                stored(done, place);
        });
    });
}

void SecretField::stored(const Result<void>& done, const QString& place) {
    if (!done) {
        m_store_button->setEnabled(true);
        say(QStringLiteral("▲ ") % QString::fromStdString(done.error().text()), true);
        return;
    }
    m_kind->setCurrentIndex(keychain);
    m_text->setText(place);
    say(tr("✓ The keychain has it."), false);
}

} // namespace weir
