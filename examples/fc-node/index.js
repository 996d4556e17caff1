// B's code lists A's services: AssumeRole with pop-core, then listServices with fc2 and the session's key.
// As a function in B (handler `index.handler`), or from a shell: ROLE_ARN=... node index.js
'use strict';

const Core = require('@alicloud/pop-core');
const FcClient = require('@alicloud/fc2');

const { ROLE_ARN, REGION = 'cn-hangzhou', STS_ENDPOINT = 'https://sts.aliyuncs.com', FC_ENDPOINT } = process.env;

// The key of B's user, or of the role of B's function; never A's.
async function assumeRole({ accessKeyId, accessKeySecret, securityToken }) {
  const sts = new Core({ accessKeyId, accessKeySecret, securityToken, endpoint: STS_ENDPOINT, apiVersion: '2015-04-01' });
  const answer = await sts.request(
    'AssumeRole',
    { RoleArn: ROLE_ARN, RoleSessionName: 'fc-node', DurationSeconds: 900 },
    { method: 'POST' },
  );
  return answer.Credentials;
}

async function listServices(session) {
  // The account in front of the host is A's, out of the role's ARN.
  const fc = new FcClient(ROLE_ARN.split(':')[3], {
    accessKeyID: session.AccessKeyId,
    accessKeySecret: session.AccessKeySecret,
    securityToken: session.SecurityToken,
    region: REGION,
    secure: true,
    ...(FC_ENDPOINT && { endpoint: FC_ENDPOINT }),
  });
  const names = [];
  let nextToken;
  do {
    const { data } = await fc.listServices({ limit: 100, ...(nextToken && { nextToken }) });
    names.push(...data.services.map((service) => service.serviceName));
    nextToken = data.nextToken;
  } while (nextToken);
  return names;
}

exports.handler = async (_event, context) => JSON.stringify(await listServices(await assumeRole(context.credentials)));

if (require.main === module) {
  const credentials = {
    accessKeyId: process.env.ALIBABA_CLOUD_ACCESS_KEY_ID,
    accessKeySecret: process.env.ALIBABA_CLOUD_ACCESS_KEY_SECRET,
    securityToken: process.env.ALIBABA_CLOUD_SECURITY_TOKEN,
  };
  exports.handler('', { credentials }).then(console.log, (error) => {
    console.error(`${error.code || error.name}: ${error.message}`);
    process.exitCode = 1;
  });
}
