// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/connect/connection_form.h"

#include <QCheckBox>
#include <QFileDialog>
#include <QFormLayout>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QStyle>

#include <algorithm>

#include "connectors/base/qt_text.h"
#include "connectors/kafka/client/address.h"
#include "widgets/common/combo_box.h"
#include "widgets/common/controls.h"

namespace weir {
namespace {

using kafka::Environment;
using kafka::Mechanism;
using kafka::OAuth;
using kafka::Protocol;

std::string plain(const QLineEdit* field) {
    return field->text().trimmed().toStdString();
}

Result<void> take(SecretField* field, FormUse use, kafka::SecretRef& into) {
    Result<kafka::SecretRef> ref = field->ref(use);
    if (!ref)
        return ref.error();
    into = std::move(*ref);
    return {};
}

bool uses_tls(Protocol protocol) {
    return protocol == Protocol::Ssl || protocol == Protocol::SaslSsl;
}

bool uses_sasl(Protocol protocol) {
    return protocol == Protocol::SaslPlaintext || protocol == Protocol::SaslSsl;
}

} // namespace

ConnectionForm::ConnectionForm(SecretStore store, QWidget* parent)
    : QWidget(parent)
    , m_rows(new QFormLayout(this)) {
    m_rows->setContentsMargins(16, 16, 16, 16);
    m_rows->setHorizontalSpacing(16);
    m_rows->setVerticalSpacing(8);
    m_rows->setLabelAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_rows->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    QStringList presets;
    for (const ConnectionPreset& preset : connection_presets())
        presets.append(preset.title);
    m_preset = new ComboBox(presets);
    add_row(tr("Start from"), m_preset, m_preset);
    m_preset_note = add_note();
    m_name = add_line(tr("Name"), tr("prod-kafka"));
    m_address = add_line(tr("Address"), {});
    m_environment = new ComboBox(
        {tr("Not said: as production"), tr("Production"), tr("Staging"), tr("Sandbox")});
    add_row(tr("Environment"), m_environment, m_environment);
    m_environment_note = add_note();
    m_protocol = new ComboBox(
        {tr("None (plaintext)"), tr("TLS"), tr("SASL without TLS"), tr("SASL over TLS")});
    add_row(tr("Security"), m_protocol, m_protocol);
    add_tls_rows(store);
    add_sasl_rows(store);
    add_oauth_rows(store);
    m_budget = add_line(tr("Read at most"), QString());
    m_properties = new QPlainTextEdit;
    m_properties->setProperty("weir", QStringLiteral("field"));
    m_properties->setPlaceholderText(tr("librdkafka properties, one name=value a line"));
    m_properties->setFont(Theme::mono_font());
    m_properties->setFixedHeight(64);
    m_properties->setTabChangesFocus(true);
    add_row(tr("Properties"), m_properties, m_properties);
    connect(m_properties, &QPlainTextEdit::textChanged, this, &ConnectionForm::changed);
    connect(m_environment, &QComboBox::currentIndexChanged, this, [this] {
        note_environment();
        Q_EMIT environmentChanged();
    });
    connect(m_name, &QLineEdit::textChanged, this, &ConnectionForm::suggest_places);
    connect(m_preset, &QComboBox::activated, this, [this](int chosen) {
        start_from(connection_presets()[static_cast<std::size_t>(chosen)]);
    });
    for (ComboBox* box : {m_protocol, m_mechanism, m_oauth_source})
        connect(box, &QComboBox::currentIndexChanged, this, [this] {
            show_what_applies();
            Q_EMIT changed();
        });
    suggest_places();
    start_from(connection_presets().front());
    note_environment();
    show_what_applies();
}

/// What is one's own stays; the rest becomes what this kind of Kafka asks for.
void ConnectionForm::start_from(const ConnectionPreset& preset) {
    const auto propose = [&preset](QLineEdit* line, QString ConnectionPreset::*field) {
        const auto& all = connection_presets();
        if (std::any_of(all.begin(), all.end(),
                        [&](const auto& other) { return line->text() == other.*field; }))
            line->setText(preset.*field);
    };
    propose(m_name, &ConnectionPreset::name);
    propose(m_address, &ConnectionPreset::address);
    propose(m_username, &ConnectionPreset::user);
    m_address->setPlaceholderText(preset.address_hint);
    m_username->setPlaceholderText(preset.user_hint);
    m_protocol->setCurrentIndex(int(preset.protocol));
    m_mechanism->setCurrentIndex(int(preset.mechanism) - 1);
    m_preset_note->setText(preset.note);
    m_rows->setRowVisible(m_preset_note, !preset.note.isEmpty());
}

/// A place of its own for each: one secret must not be written over another.
void ConnectionForm::suggest_places() {
    const QString name = m_name->text().trimmed();
    const QString place = QStringLiteral("weir/") % (name.isEmpty() ? tr("kafka") : name);
    m_password->setSuggestion(place);
    m_oauth_secret->setSuggestion(place % QStringLiteral("-client"));
    m_key_password->setSuggestion(place % QStringLiteral("-key"));
    m_keystore_password->setSuggestion(place % QStringLiteral("-keystore"));
}

TextLabel* ConnectionForm::add_note() {
    auto* note = new TextLabel({}, TextRole::Muted);
    note->setWordWrap(true);
    m_rows->addRow(QString(), note);
    return note;
}

void ConnectionForm::add_row(const QString& title, QWidget* field, QWidget* named) {
    named->setAccessibleName(title);
    auto* label = new TextLabel(title, TextRole::Muted);
    label->setBuddy(named);
    m_rows->addRow(label, field);
}

QLineEdit* ConnectionForm::add_line(const QString& title, const QString& hint) {
    auto* line = new QLineEdit;
    line->setPlaceholderText(hint);
    add_row(title, line, line);
    connect(line, &QLineEdit::textChanged, this, [this, line] {
        if (line->property("weirState").toString() == QLatin1String("bad")) {
            line->setProperty("weirState", {});
            line->style()->polish(line);
        }
        Q_EMIT changed();
    });
    return line;
}

QLineEdit* ConnectionForm::add_file(const QString& title, const QString& hint) {
    QLineEdit* line = add_line(title, hint);
    QAction* choose = line->addAction(icon(Icon::Folder), QLineEdit::TrailingPosition);
    choose->setToolTip(tr("Choose a file"));
    connect(choose, &QAction::triggered, this, [this, line, title] {
        auto* dialog = new QFileDialog(this, title);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->setFileMode(QFileDialog::ExistingFile);
        connect(dialog, &QFileDialog::fileSelected, line, &QLineEdit::setText);
        dialog->open();
    });
    return line;
}

SecretField* ConnectionForm::add_secret(const QString& title, const SecretStore& store) {
    auto* field = new SecretField(title, store);
    auto* label = new TextLabel(title, TextRole::Muted);
    label->setBuddy(field);
    m_rows->addRow(label, field);
    connect(field, &SecretField::changed, this, &ConnectionForm::changed);
    return field;
}

void ConnectionForm::add_tls_rows(const SecretStore& store) {
    m_ca = add_file(tr("CA file"), tr("PEM; empty: the system's"));
    m_certificate = add_file(tr("Client certificate"), tr("PEM"));
    m_key = add_file(tr("Client key"), tr("PEM"));
    m_key_password = add_secret(tr("Key's password"), store);
    m_keystore = add_file(tr("Keystore"), tr("PKCS#12, instead of certificate and key"));
    m_keystore_password = add_secret(tr("Keystore's password"), store);
    m_verify = new QCheckBox(tr("Check that the host's name is the certificate's"));
    m_verify->setChecked(true);
    m_rows->addRow(QString(), m_verify);
}

void ConnectionForm::add_sasl_rows(const SecretStore& store) {
    m_mechanism = new ComboBox({QStringLiteral("PLAIN"), QStringLiteral("SCRAM-SHA-256"),
                                QStringLiteral("SCRAM-SHA-512"), QStringLiteral("OAUTHBEARER")});
    add_row(tr("Login"), m_mechanism, m_mechanism);
    m_username = add_line(tr("User"), {});
    m_password = add_secret(tr("Password"), store);
}

void ConnectionForm::add_oauth_rows(const SecretStore& store) {
    m_oauth_source = new ComboBox({tr("Client credentials"), tr("File"), tr("Command")});
    add_row(tr("Token from"), m_oauth_source, m_oauth_source);
    m_oauth_endpoint =
        add_line(tr("Token endpoint"), QStringLiteral("https://login.example/token"));
    m_oauth_client = add_line(tr("Client id"), {});
    m_oauth_secret = add_secret(tr("Client secret"), store);
    m_oauth_scope = add_line(tr("Scope"), {});
    m_oauth_file = add_file(tr("Token file"), tr("a JWT; read again before it expires"));
    m_oauth_command = add_line(tr("Token command"), tr("prints a JWT"));
    m_oauth_principal = add_line(tr("Principal"), {});
}

void ConnectionForm::show_what_applies() {
    const auto protocol = Protocol(m_protocol->currentIndex());
    const bool tls = uses_tls(protocol);
    const bool sasl = uses_sasl(protocol);
    const bool oauth = sasl && m_mechanism->currentIndex() == 3;
    const int source = m_oauth_source->currentIndex();
    const auto show = [this](QWidget* field, bool visible) { // Qt 6.4: a row by its field
        m_rows->setRowVisible(field, visible);
    };
    for (QWidget* field : std::initializer_list<QWidget*>{
             m_ca, m_certificate, m_key, m_key_password, m_keystore, m_keystore_password, m_verify})
        show(field, tls);
    show(m_mechanism, sasl);
    show(m_username, sasl && !oauth);
    show(m_password, sasl && !oauth);
    for (QWidget* field : std::initializer_list<QWidget*>{m_oauth_source, m_oauth_principal})
        show(field, oauth);
    for (QWidget* field : std::initializer_list<QWidget*>{m_oauth_endpoint, m_oauth_client,
                                                          m_oauth_secret, m_oauth_scope})
        show(field, oauth && source == 0);
    show(m_oauth_file, oauth && source == 1);
    show(m_oauth_command, oauth && source == 2);
}

void ConnectionForm::note_environment() {
    const std::optional<Environment> chosen = environment();
    const double limit_mb_s =
        kafka::usual_read_budget_mb_s(chosen.value_or(Environment::Production));
    m_budget->setPlaceholderText(limit_mb_s > 0
                                     ? tr("MB a second; empty: %1, 0: no limit").arg(limit_mb_s)
                                     : tr("MB a second; empty: no limit"));
    if (!chosen)
        m_environment_note->setText(
            tr("Read only, and personal data is masked. Once connected to, the cluster is never "
               "written to, whatever it is called later, unless it carries the sandbox marker: "
               "choose Sandbox if it is one."));
    else if (*chosen == Environment::Sandbox)
        m_environment_note->setText(tr("Nothing is masked. Weir writes there only once the cluster "
                                       "carries the sandbox marker."));
    else
        m_environment_note->setText(
            tr("Read only, and personal data is masked. From the first contact on, Weir never "
               "writes to this cluster, whatever it is called later."));
}

std::optional<Environment> ConnectionForm::environment() const {
    const int chosen = m_environment->currentIndex();
    return chosen <= 0 ? std::nullopt : std::optional(Environment(chosen - 1));
}

void ConnectionForm::setEnvironment(std::optional<Environment> environment) {
    m_environment->setCurrentIndex(environment ? int(*environment) + 1 : 0);
}

void ConnectionForm::setOptions(const kafka::ConnectionOptions& options) {
    const kafka::Security& s = options.security;
    m_rows->setRowVisible(m_preset, false); // it has begun
    m_rows->setRowVisible(m_preset_note, false);
    m_name->setText(qt(options.name));
    m_address->setText(qt(options.bootstrap));
    setEnvironment(options.environment_assumed ? std::nullopt : std::optional(options.environment));
    m_protocol->setCurrentIndex(int(s.protocol));
    m_ca->setText(qt(s.ca_file));
    m_certificate->setText(qt(s.certificate_file));
    m_key->setText(qt(s.key_file));
    m_key_password->setRef(s.key_password);
    m_keystore->setText(qt(s.keystore_file));
    m_keystore_password->setRef(s.keystore_password);
    m_verify->setChecked(s.verify_hostname);
    m_mechanism->setCurrentIndex(std::max(0, int(s.mechanism) - 1));
    m_username->setText(qt(s.username));
    m_password->setRef(s.password);
    m_oauth_source->setCurrentIndex(std::max(0, int(s.oauth.source) - 1));
    m_oauth_endpoint->setText(qt(s.oauth.token_endpoint));
    m_oauth_client->setText(qt(s.oauth.client_id));
    m_oauth_secret->setRef(s.oauth.client_secret);
    m_oauth_scope->setText(qt(s.oauth.scope));
    m_oauth_file->setText(qt(s.oauth.file));
    m_oauth_command->setText(qt(s.oauth.command));
    m_oauth_principal->setText(qt(s.oauth.principal));
    const bool usual =
        options.read_budget_mb_s == kafka::usual_read_budget_mb_s(options.environment);
    m_budget->setText(usual ? QString() : QString::number(options.read_budget_mb_s));
    QStringList lines;
    for (const auto& [name, value] : options.properties)
        lines.append(qt(name) % QLatin1Char('=') % qt(value));
    m_properties->setPlainText(lines.join(QLatin1Char('\n')));
}

Error ConnectionForm::mark(QLineEdit* field, const QString& title, const QString& advice) {
    field->setProperty("weirState", QStringLiteral("bad"));
    field->style()->polish(field);
    field->setFocus(Qt::OtherFocusReason);
    return {ErrorCode::Config, advice.toStdString(), title.toStdString(), "", "", -1};
}

Result<std::map<std::string, std::string>> ConnectionForm::properties() {
    std::map<std::string, std::string> found;
    for (const QString& line : m_properties->toPlainText().split(QLatin1Char('\n'))) {
        const QString trimmed = line.trimmed();
        if (trimmed.isEmpty())
            continue;
        const qsizetype equals = trimmed.indexOf(QLatin1Char('='));
        if (equals <= 0) {
            m_properties->setFocus(Qt::OtherFocusReason);
            return Error{ErrorCode::Config,
                         tr("\"%1\" is not name=value").arg(trimmed).toStdString(),
                         tr("Properties").toStdString(),
                         "",
                         "",
                         -1};
        }
        found[trimmed.left(equals).trimmed().toStdString()] =
            trimmed.mid(equals + 1).trimmed().toStdString();
    }
    return found;
}

Result<void> ConnectionForm::read_security(kafka::Security& s, FormUse use) {
    if (uses_tls(s.protocol)) {
        s.ca_file = plain(m_ca);
        s.certificate_file = plain(m_certificate);
        s.key_file = plain(m_key);
        s.keystore_file = plain(m_keystore);
        s.verify_hostname = m_verify->isChecked();
        if (const Result<void> taken = take(m_key_password, use, s.key_password); !taken)
            return taken;
        if (const Result<void> taken = take(m_keystore_password, use, s.keystore_password); !taken)
            return taken;
    }
    return uses_sasl(s.protocol) ? read_login(s, use) : Result<void>();
}

Result<void> ConnectionForm::read_login(kafka::Security& s, FormUse use) {
    s.mechanism = Mechanism(m_mechanism->currentIndex() + 1);
    if (s.mechanism != Mechanism::OAuthBearer) {
        s.username = plain(m_username);
        if (s.username.empty())
            return mark(m_username, tr("User"), tr("Enter the user to log in as"));
        return take(m_password, use, s.password);
    }
    s.oauth.source = OAuth::Source(m_oauth_source->currentIndex() + 1);
    s.oauth.token_endpoint = plain(m_oauth_endpoint);
    s.oauth.client_id = plain(m_oauth_client);
    s.oauth.scope = plain(m_oauth_scope);
    s.oauth.file = plain(m_oauth_file);
    s.oauth.command = plain(m_oauth_command);
    s.oauth.principal = plain(m_oauth_principal);
    return s.oauth.source == OAuth::Source::ClientCredentials
               ? take(m_oauth_secret, use, s.oauth.client_secret)
               : Result<void>();
}

Result<kafka::ConnectionOptions> ConnectionForm::options(FormUse use) {
    kafka::ConnectionOptions made;
    made.name = plain(m_name);
    made.bootstrap = plain(m_address);
    if (made.name.empty())
        return mark(m_name, tr("Name"), tr("Give the connection a name"));
    if (made.bootstrap.empty())
        return mark(m_address, tr("Address"), tr("Enter HOST:PORT of at least one broker"));
    if (const Result<void> fine = kafka::check_address(made.bootstrap); !fine)
        return mark(m_address, tr("Address"), qt(fine.error().what));
    made.environment = environment().value_or(Environment::Production);
    made.environment_assumed = !environment();
    made.security.protocol = Protocol(m_protocol->currentIndex());
    if (const Result<void> read = read_security(made.security, use); !read)
        return read.error();
    made.read_budget_mb_s = kafka::usual_read_budget_mb_s(made.environment);
    if (!m_budget->text().trimmed().isEmpty()) {
        bool ok = false;
        made.read_budget_mb_s = m_budget->text().trimmed().toDouble(&ok);
        if (!ok || made.read_budget_mb_s < 0)
            return mark(m_budget, tr("Read at most"), tr("Enter a number of MB a second"));
    }
    Result<std::map<std::string, std::string>> further = properties();
    if (!further)
        return further.error();
    made.properties = std::move(*further);
    return made;
}

QWidget* ConnectionForm::firstFocus() const {
    return m_name;
}

} // namespace weir
