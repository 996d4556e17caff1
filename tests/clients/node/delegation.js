// What a reader of Alibaba Cloud's two samples would run, in one script: AssumeRole with pop-core, then
// listServices with fc2 and the temporary credentials. Prints one line of JSON.
'use strict';

const Core = require('@alicloud/pop-core');
const FcClient = require('@alicloud/fc2');

const { ENDPOINT, ACCOUNT, ROLE_ARN, KEY_ID, KEY_SECRET, METHOD } = process.env;

async function main() {
  const sts = new Core({
    accessKeyId: KEY_ID,
    accessKeySecret: KEY_SECRET,
    endpoint: `http://${ENDPOINT}`,
    apiVersion: '2015-04-01',
  });
  const parameters = { RegionId: 'cn-hangzhou', RoleArn: ROLE_ARN, RoleSessionName: 'dev', DurationSeconds: 900 };
  const assumed = await sts.request('AssumeRole', parameters, { method: METHOD });
  const { AccessKeyId, AccessKeySecret, SecurityToken } = assumed.Credentials;

  const fc = new FcClient(ACCOUNT, {
    accessKeyID: AccessKeyId,
    accessKeySecret: AccessKeySecret,
    securityToken: SecurityToken,
    region: 'cn-hangzhou',
    endpoint: `http://${ENDPOINT}`,
    timeout: 10000,
  });
  const listed = await fc.listServices({ prefix: 'jo', limit: 5 });
  let refusal;
  try {
    await fc.createService('made', { description: 'ä' });
  } catch (error) {
    refusal = { code: error.code, message: error.message };
  }
  console.log(JSON.stringify({
    user: assumed.AssumedRoleUser,
    services: listed.data.services.map((service) => service.serviceName),
    refusal,
  }));
}

main().catch((error) => {
  console.log(JSON.stringify({ error: { name: error.name, code: error.code, message: error.message } }));
  process.exitCode = 1;
});
