-- What a service will publish, written in the transaction of its state change and relayed afterwards.
CREATE TABLE outbox (
  id UUID PRIMARY KEY,
  tenant_id UUID NOT NULL,
  service VARCHAR(40) NOT NULL,
  exchange VARCHAR(100) NOT NULL,
  routing_key VARCHAR(200) NOT NULL,
  body TEXT NOT NULL,
  state VARCHAR(10) NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'published')),
  claimed_until TIMESTAMPTZ NOT NULL,
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  published_at TIMESTAMPTZ
);
CREATE INDEX outbox_pending ON outbox (service, claimed_until, created_at) WHERE state = 'pending';
ALTER TABLE outbox ENABLE ROW LEVEL SECURITY;
ALTER TABLE outbox FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON outbox TO ironforge_app
  USING (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID)
  WITH CHECK (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID);
CREATE POLICY system_access ON outbox TO ironforge_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON outbox TO ironforge_app, ironforge_system;

-- What a consumer has taken in, written in the transaction of the effect.
CREATE TABLE inbox (
  consumer VARCHAR(60) NOT NULL,
  message_id UUID NOT NULL,
  tenant_id UUID NOT NULL,
  received_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  PRIMARY KEY (consumer, message_id)
);
ALTER TABLE inbox ENABLE ROW LEVEL SECURITY;
ALTER TABLE inbox FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON inbox TO ironforge_app
  USING (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID)
  WITH CHECK (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID);
CREATE POLICY system_access ON inbox TO ironforge_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON inbox TO ironforge_app, ironforge_system;

CREATE TABLE idempotency_keys (
  tenant_id UUID NOT NULL,
  principal_id UUID NOT NULL,
  route VARCHAR(100) NOT NULL,
  key VARCHAR(255) NOT NULL,
  body_hash VARCHAR(64) NOT NULL,
  status INT4,
  response TEXT,
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, principal_id, route, key)
);
ALTER TABLE idempotency_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE idempotency_keys FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON idempotency_keys TO ironforge_app
  USING (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID)
  WITH CHECK (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID);
CREATE POLICY system_access ON idempotency_keys TO ironforge_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON idempotency_keys TO ironforge_app, ironforge_system;

-- One leader for each recurring job; the fence rises with every change of holder.
CREATE TABLE job_leases (
  name VARCHAR(100) PRIMARY KEY,
  holder UUID NOT NULL,
  fence INT8 NOT NULL,
  expires_at TIMESTAMPTZ NOT NULL
);
GRANT SELECT, INSERT, UPDATE ON job_leases TO ironforge_system;
